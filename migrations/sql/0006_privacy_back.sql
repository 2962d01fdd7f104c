drop function app.to_reveal(uuid);
drop policy roster_corrections on app.trail;
do $$
begin
  execute replace(pg_get_functiondef('app.begin_request(uuid, uuid)'::regprocedure),
    ' case when g.archive_query_only then array[''archive_query_only''] else a.roles end as roles,', ' a.roles,');
end $$;
