-- Administrators end the sessions of the staff whose accounts they see: their own body's and those below (0001_policies).
create policy administrators on app.sessions to employment_app
  using (app.kind() not in ('public', 'system', 'graduate', 'employer')
         and exists (select from app.accounts mine where mine.id = app.account() and 'administrator' = any(mine.roles))
         and exists (select from app.accounts a where a.id = account_id and a.kind = 'staff'));
