-- The roles, which belong to the server and not to one database: made before the first migration, and never taken back.
--   employment_owner    owns schema, tables and functions; nobody logs in as it; migrations take it on
--   employment_app      what the service runs as: row-level security holds for it, and it may remove almost nothing
--   employment_auditor  reads the trail, the events and who looked at what; changes nothing
-- The migrator is whichever login is a member of employment_owner. A login that makes the roles becomes one.
do $$
declare
  one text;
begin
  foreach one in array array['employment_owner', 'employment_app', 'employment_auditor'] loop
    if not exists (select from pg_roles where rolname = one) then
      begin
        execute format('create role %I nologin', one);
      exception when duplicate_object or unique_violation then null; -- another database's migration was faster
      end;
    end if;
  end loop;
  foreach one in array array['employment_owner', 'employment_app'] loop
    if not pg_has_role(session_user, one, 'member') then
      execute format('grant %I to %I', one, session_user);
    end if;
  end loop;
end $$;
