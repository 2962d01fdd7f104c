-- A file for the bank is for who asked for it alone; the bank's results are for the body. Neither is for the province
-- above: whoever decides about a subsidy pays it.

call app.guard('payment_exports', 'account_id = app.account() or app.kind() = ''system''', '{see}');
call app.guard('payment_imports', 'body_id = app.body() or app.kind() = ''system''', '{see}');
call app.guard('payment_import_rows',
  'app.kind() = ''system'' or exists (select from app.payment_imports i where i.id = import_id)', '{see}');
grant delete on app.payment_exports to employment_app;
revoke update on app.payment_import_rows from employment_app; -- what was reported stays
