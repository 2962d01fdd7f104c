-- What an approval replaces, the approving bureau changes: while a reassignment waits for the county of the new unit,
-- that county reaches the dispatches of the same person, and no others. Schools and the province have them anyway.

call app.guard('dispatches',
  $$person_id = app.person() or app.body() in (school_id, department_id, recorder_id)
    or app.kind() in ('provincial_bureau', 'system')
    or exists (select from app.archive_bureaus b where b.body_id = app.body() and b.dispatch_id = dispatches.id offset 0)
    or app.kind() = 'county' and exists (select from app.applications a
      where a.person_id = dispatches.person_id and a.kind = 'reassignment' and a.status = 'submitted'
        and a.county_id = app.body())$$,
  $$app.kind() in ('school', 'county', 'provincial_bureau', 'system') and ({see})$$);

-- A certificate of dispatch is an application's document, as the others are a placement's: the same people see it.

call app.guard(
  'documents',
  $$app.kind() = 'system' or exists (select from app.placements r where r.id = placement_id)
    or exists (select from app.applications a where a.id = application_id)$$,
  '{anyone}'
);

-- The same for the public: a certificate holds while its application and its dispatch do.

drop function app.verified_document(text, bytea);
create function app.verified_document(code text, sha256 bytea)
returns table (
    id uuid, kind text, document_code text, issued_at timestamptz, placement_kind text, application_kind text,
    number text, graduate_name text, school_name text, unit_name text, state text, signed_on date,
    approved_at timestamptz, ended_at timestamptz, signed_by text, certificate bytea
) language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select d.id, d.kind, d.code, d.issued_at, p.kind, null, p.number, app.masked_name(p.graduate_name), p.school_name,
         p.unit_name, case p.status when 'reviewed' then 'approved' else p.status end, p.signed_on, p.approved_at,
         p.ended_at, d.signed_by, d.certificate
    from app.documents d join app.placements p on p.id = d.placement_id
   where app.visits('verification')
     and (d.code = verified_document.code or d.sha256 = verified_document.sha256)
     and p.status <> 'draft' and p.decision is distinct from 'rejected'
  union all
  select d.id, d.kind, d.code, d.issued_at, null, a.kind, s.number, app.masked_name(a.graduate_name), a.school_name,
         s.unit_name, case s.status when 'recorded' then 'approved' else 'terminated' end, null, a.decided_at,
         case s.status when 'voided' then s.updated_at end, d.signed_by, d.certificate
    from app.documents d
    join app.applications a on a.id = d.application_id
    join app.dispatches s on s.id = a.dispatch_id
   where app.visits('verification') and d.code = verified_document.code
$$;
