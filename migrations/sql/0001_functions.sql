-- What is made here, only the service may call, and others by a grant of its own.
alter default privileges revoke execute on routines from public;
alter default privileges in schema app grant execute on routines to employment_app;

-- The context of row-level security: who runs this statement. Empty outside a statement that began with a begin_* call.

create function app.kind() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('app.kind', true), '') $$;
create function app.purpose() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('app.purpose', true), '') $$;
create function app.account() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.account', true), '')::uuid $$;
create function app.body() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.body', true), '')::uuid $$;
create function app.graduate() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.graduate', true), '')::uuid $$;
create function app.person() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.person', true), '')::uuid $$;

create function app.visits(variadic purposes text[]) returns boolean language sql stable parallel safe
  as $$ select app.kind() = 'public' and app.purpose() = any(purposes) $$;

create function app.is_province() returns boolean language sql stable parallel safe
  as $$ select app.kind() in ('provincial_bureau', 'provincial_education', 'system') $$;

create function app.is_party(
    graduate_id uuid, employer_id uuid, department_id uuid, school_id uuid, county_id uuid, city_id uuid
) returns boolean language sql stable parallel safe
  as $$ select graduate_id = app.graduate()
            or app.body() in (employer_id, department_id, school_id, county_id, city_id) $$;

-- Doors. Each returns one row and sets the context for its statement, or returns none and sets nothing.

create function app.begin_request(session uuid, record uuid)
returns table (
    account_id uuid, session_id uuid, kind text, roles text[], body_id uuid, school_id uuid, person_id uuid,
    graduate_id uuid, verified_at timestamptz, amr text[], auth_at timestamptz, record_id uuid
) language plpgsql volatile security definer rows 1 set search_path = app, pg_temp as $$
#variable_conflict use_column
declare
  found_one record;
begin
  select s.account_id, coalesce(b.kind, 'graduate') as kind, a.roles, a.body_id,
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

-- A UUIDv7 for rows that a statement adds by itself, so that they stand where their time puts them: a version 4 with the
-- milliseconds in front and the bits of the version set.
create function app.fresh_id() returns uuid language sql volatile as $$
  select encode(set_bit(set_bit(overlay(
    uuid_send(gen_random_uuid())
    placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6
  ), 52, 1), 53, 1), 'hex')::uuid
$$;

create function app.refuse(why text) returns integer language plpgsql volatile as $$
begin
  raise exception using errcode = 'AP412', message = why;
end $$;

-- Whom an invitation addresses: a signing code, or a full match. Any difference finds nobody. For employers alone.

create function app.find_invitee(code text, id_bidx bytea, name text, level text, cohort smallint, at timestamptz)
returns table (
    graduate_id uuid, graduate_name text, school_id uuid, department_id uuid, school_name text, graduate_level text,
    graduate_cohort smallint, major text
) language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select g.id, g.name, g.school_id, g.department_id, b.name, g.level, g.cohort, g.major
    from app.graduates g join app.bodies b on b.id = g.school_id
   where app.kind() = 'employer' and find_invitee.code is not null
     and g.signing_code = find_invitee.code and g.signing_code_until > find_invitee.at
  union all
  select g.id, g.name, g.school_id, g.department_id, b.name, g.level, g.cohort, g.major
    from app.persons p
    join app.graduates g on g.person_id = p.id and g.level = find_invitee.level and g.cohort = find_invitee.cohort
     and g.name = find_invitee.name
    join app.bodies b on b.id = g.school_id
   where app.kind() = 'employer' and find_invitee.code is null and p.id_bidx = find_invitee.id_bidx
  limit 1
$$;

-- The trail: rows are only added, each hashed over the one before it for the same record.

create function app.trail_digest(previous bytea, entry app.trail) returns bytea
language sql stable set timezone = 'UTC' as $$
  select sha256(coalesce(previous, '\x'::bytea) || convert_to((to_jsonb(entry) - 'hash')::text, 'UTF8'))
$$;

create function app.chain_the_trail() returns trigger
language plpgsql security definer set search_path = app, pg_temp as $$
begin
  new.hash := app.trail_digest(
    (select t.hash from app.trail t where t.record_id = new.record_id and t.seq < new.seq order by t.seq desc limit 1),
    new);
  return new;
end $$;

create function app.broken_trail() returns table (record_id uuid, seq integer)
language sql stable security definer set search_path = app, pg_temp as $$
  select t.record_id, t.seq
    from (select t, t.record_id, t.seq, t.hash, lag(t.hash) over (partition by t.record_id order by t.seq) as previous
            from app.trail t) t
   where t.hash is distinct from app.trail_digest(t.previous, t.t)
$$;

create function app.only_added() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;

create trigger trail_is_chained before insert on app.trail for each row execute function app.chain_the_trail();
create trigger trail_is_only_added before update or delete on app.trail for each row execute function app.only_added();
create trigger trail_is_never_emptied before truncate on app.trail for each statement execute function app.only_added();

create function app.never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'a version of % is never changed', tg_table_name using errcode = '42501';
end $$;

create trigger policies_are_versions before update or delete on app.policies
  for each row execute function app.never_changed();
