-- Clients go, with what they left behind but the trail.

drop policy clients on app.trail;
revoke delete on app.sessions from employment_app;
drop policy only_tokens_go on app.sessions;
drop policy granting on app.sessions;
drop policy granting on app.accounts;

drop function app.begin_request(uuid, uuid);
drop function app.begin_public(text);
drop function app.begin_system(text, uuid);

create function app.begin_request(session uuid, record uuid)
returns table (
    account_id uuid, session_id uuid, kind text, roles text[], body_id uuid, school_id uuid, person_id uuid,
    graduate_id uuid, verified_at timestamptz, amr text[], auth_at timestamptz, record_id uuid
) language plpgsql volatile security definer rows 1 set search_path = app, pg_temp as $$
#variable_conflict use_column
declare
  found_one record;
begin
  select s.account_id, coalesce(b.kind, 'graduate') as kind, case when g.archive_query_only then array['archive_query_only'] else a.roles end as roles, a.body_id,
         case b.kind when 'school' then b.id when 'department' then b.parent_id else g.school_id end as school_id,
         a.person_id, s.graduate_id, g.verified_at, s.amr, s.auth_at
    into found_one
    from app.sessions s
    join app.accounts a on a.id = s.account_id and a.disabled_at is null
    left join app.bodies b on b.id = a.body_id
    left join app.graduates g on g.id = s.graduate_id
   where s.id = session and s.ended_at is null and s.expires_at > clock_timestamp();
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
                      found_one.amr, found_one.auth_at, record;
end $$;

create function app.begin_public(purpose text)
returns table (
    account_id uuid, session_id uuid, kind text, roles text[], body_id uuid, school_id uuid, person_id uuid,
    graduate_id uuid, verified_at timestamptz, amr text[], auth_at timestamptz, record_id uuid
) language plpgsql volatile rows 1 set search_path = app, pg_temp as $$
begin
  perform set_config('app.kind', 'public', true), set_config('app.purpose', purpose, true);
  return query select '00000000-0000-0000-0000-000000000000'::uuid, null::uuid, 'public', '{}'::text[], null::uuid,
                      null::uuid, null::uuid, null::uuid, null::timestamptz, '{}'::text[], null::timestamptz, null::uuid;
end $$;

create function app.begin_system(job text, body uuid)
returns table (
    account_id uuid, session_id uuid, kind text, roles text[], body_id uuid, school_id uuid, person_id uuid,
    graduate_id uuid, verified_at timestamptz, amr text[], auth_at timestamptz, record_id uuid
) language plpgsql volatile rows 1 set search_path = app, pg_temp as $$
begin
  perform set_config('app.kind', 'system', true), set_config('app.purpose', job, true),
          set_config('app.body', coalesce(body::text, ''), true);
  return query select '00000000-0000-0000-0000-000000000000'::uuid, null::uuid, 'system', '{}'::text[], body,
                      null::uuid, null::uuid, null::uuid, null::timestamptz, '{}'::text[], null::timestamptz, null::uuid;
end $$;

create or replace function app.trail_digest(previous bytea, entry app.trail) returns bytea
language sql stable set timezone = 'UTC' as $$
  select sha256(coalesce(previous, '\x'::bytea) || convert_to((to_jsonb(entry) - 'hash')::text, 'UTF8'))
$$;

create or replace function app.chain_the_trail() returns trigger
language plpgsql security definer set search_path = app, pg_temp as $$
begin
  new.hash := app.trail_digest(
    (select t.hash from app.trail t where t.record_id = new.record_id and t.seq < new.seq order by t.seq desc limit 1),
    new);
  return new;
end $$;

delete from app.sessions where scopes is not null;
delete from app.remembered where account_id in (select id from app.clients);
update app.accounts set kind = 'staff', responsible_id = null, disabled_at = coalesce(disabled_at, now())
 where kind = 'client';
delete from app.clients;
