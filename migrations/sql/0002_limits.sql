-- Keyed digests and times alone: nothing in the table says who or where.
call app.guard('familiar_networks', 'app.visits(''login'') or app.kind() = ''system''', '{see}');
grant delete on app.familiar_networks to employment_app;
