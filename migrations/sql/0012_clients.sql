-- Service clients: accounts of a body, cut by the scopes of their session; whoever answers for one stops it by leaving.

call app.guard('clients',
  'body_id = app.body() or app.kind() = ''system'' or app.visits(''granting'')',
  '{see}');
create policy granting on app.accounts for select to employment_app
  using (kind in ('client', 'staff') and app.visits('granting'));
create policy granting on app.sessions to employment_app
  using (scopes is not null and app.visits('granting'))
  with check (scopes is not null and app.visits('granting'));
-- Of sessions, only tokens of clients are ever removed, a day after their end.
create policy only_tokens_go on app.sessions as restrictive for delete to employment_app using (scopes is not null);
grant delete on app.sessions to employment_app;
create policy clients on app.trail for select to employment_app
  using (record_kind = 'client' and exists (select from app.clients r where r.id = record_id));

-- The doors, whole, with one column more: scopes, null for people. A graduate of a school outside the province carries
-- the mark as their one role.

drop function app.begin_request(uuid, uuid);
drop function app.begin_public(text);
drop function app.begin_system(text, uuid);

create function app.begin_request(session uuid, record uuid)
returns table (
    account_id uuid, session_id uuid, kind text, roles text[], body_id uuid, school_id uuid, person_id uuid,
    graduate_id uuid, verified_at timestamptz, amr text[], auth_at timestamptz, scopes text[], record_id uuid
) language plpgsql volatile security definer rows 1 set search_path = app, pg_temp as $$
#variable_conflict use_column
declare
  found_one record;
begin
  select s.account_id, coalesce(b.kind, 'graduate') as kind,
         case when g.archive_query_only then array['archive_query_only'] else a.roles end as roles, a.body_id,
         case b.kind when 'school' then b.id when 'department' then b.parent_id else g.school_id end as school_id,
         a.person_id, s.graduate_id, g.verified_at, s.amr, s.auth_at, s.scopes
    into found_one
    from app.sessions s
    join app.accounts a on a.id = s.account_id and a.disabled_at is null
    left join app.bodies b on b.id = a.body_id
    left join app.graduates g on g.id = s.graduate_id
   where s.id = session and s.ended_at is null and s.expires_at > clock_timestamp()
     and not exists (select from app.accounts r where r.id = a.responsible_id and r.disabled_at is not null);
  if not found then
    return;
  end if;
  perform set_config('app.kind', found_one.kind, true),
          set_config('app.account', found_one.account_id::text, true),
          set_config('app.body', coalesce(found_one.body_id::text, ''), true),
          set_config('app.graduate', coalesce(found_one.graduate_id::text, ''), true),
          set_config('app.person', coalesce(found_one.person_id::text, ''), true);
  return query select found_one.account_id, session, found_one.kind, found_one.roles, found_one.body_id,
                      found_one.school_id, found_one.person_id, found_one.graduate_id, found_one.verified_at,
                      found_one.amr, found_one.auth_at, found_one.scopes, record;
end $$;

create function app.begin_public(purpose text)
returns table (
    account_id uuid, session_id uuid, kind text, roles text[], body_id uuid, school_id uuid, person_id uuid,
    graduate_id uuid, verified_at timestamptz, amr text[], auth_at timestamptz, scopes text[], record_id uuid
) language plpgsql volatile rows 1 set search_path = app, pg_temp as $$
begin
  perform set_config('app.kind', 'public', true), set_config('app.purpose', purpose, true);
  return query select '00000000-0000-0000-0000-000000000000'::uuid, null::uuid, 'public', '{}'::text[], null::uuid,
                      null::uuid, null::uuid, null::uuid, null::timestamptz, '{}'::text[], null::timestamptz, null::text[],
                      null::uuid;
end $$;

create function app.begin_system(job text, body uuid)
returns table (
    account_id uuid, session_id uuid, kind text, roles text[], body_id uuid, school_id uuid, person_id uuid,
    graduate_id uuid, verified_at timestamptz, amr text[], auth_at timestamptz, scopes text[], record_id uuid
) language plpgsql volatile rows 1 set search_path = app, pg_temp as $$
begin
  perform set_config('app.kind', 'system', true), set_config('app.purpose', job, true),
          set_config('app.body', coalesce(body::text, ''), true);
  return query select '00000000-0000-0000-0000-000000000000'::uuid, null::uuid, 'system', '{}'::text[], body,
                      null::uuid, null::uuid, null::uuid, null::timestamptz, '{}'::text[], null::timestamptz, null::text[],
                      null::uuid;
end $$;

-- A client's step in the trail names who answers for it, whoever wrote the row. What was hashed before stays as it was:
-- the new column counts where it is filled.

create or replace function app.trail_digest(previous bytea, entry app.trail) returns bytea
language sql stable set timezone = 'UTC' as $$
  select sha256(coalesce(previous, '\x'::bytea) || convert_to(
    (to_jsonb(entry) - case when entry.responsible_id is null then array['hash', 'responsible_id'] else array['hash'] end)
      ::text, 'UTF8'))
$$;

create or replace function app.chain_the_trail() returns trigger
language plpgsql security definer set search_path = app, pg_temp as $$
begin
  new.responsible_id := (select a.responsible_id from app.accounts a where a.id = new.account_id);
  new.hash := app.trail_digest(
    (select t.hash from app.trail t where t.record_id = new.record_id and t.seq < new.seq order by t.seq desc limit 1),
    new);
  return new;
end $$;
