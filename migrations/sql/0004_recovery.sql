-- Who sees recoveries: the account's holder, the school, support what it took, the provincial bureau (model.md §3).

call app.guard('recoveries',
  'account_id = app.account() or school_id = app.body() or app.kind() in (''provincial_bureau'', ''system'')
   or app.visits(''recovery'')
   or app.kind() = ''support'' and exists (
     select from app.reviews v where v.record_id = recoveries.id and app.account() in (v.claimed_by, v.decided_by))',
  '{see}');

-- A photo is for whoever holds the claim on the open turn, and for nobody else: no province, no holder, no colleague.
call app.guard('recovery_photos',
  'app.kind() = ''system'' or app.visits(''recovery'')
   or app.kind() in (''school'', ''support'') and exists (
     select from app.reviews v where v.record_id = recovery_photos.recovery_id and v.decision is null
                                 and v.body_id = app.body() and v.claimed_by = app.account())',
  '{see}');
call app.guard('recovery_photo_readings', 'body_id = app.body() or app.kind() = ''system''', '{see}');
revoke update on app.recovery_photo_readings from employment_app;

call app.guard('phone_claims',
  'person_id = app.person() or app.kind() = ''system'' or app.visits(''recovery'', ''registration'')
   or exists (select from app.phones p where p.bidx = phone_claims.bidx and p.person_id = app.person())',
  '{see}');

grant delete on app.recovery_photos, app.phones to employment_app;

-- What visitors of the two new purposes see of older tables, beside the policies that those have.
create policy recovering on app.persons for select to employment_app using (app.visits('password_reset', 'recovery'));
create policy recovering on app.graduates for select to employment_app using (app.visits('password_reset', 'recovery'));
create policy recovering on app.employers for select to employment_app using (app.visits('password_reset'));
create policy recovering on app.roster_entries for select to employment_app using (app.visits('password_reset'));
create policy recovering on app.accounts to employment_app using (app.visits('password_reset', 'recovery'));
create policy recovering on app.sessions to employment_app using (app.visits('password_reset', 'recovery'));
create policy recovering on app.phones to employment_app using (app.visits('password_reset', 'recovery'));
create policy recovering on app.trail for select to employment_app
  using (record_kind = 'recovery' and exists (select from app.recoveries r where r.id = record_id));
