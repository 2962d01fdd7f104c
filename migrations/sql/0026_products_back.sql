call app.guard('dispatches',
  $$person_id = app.person() or app.body() in (school_id, department_id, recorder_id)
    or app.kind() in ('provincial_bureau', 'system')
    or exists (select from app.archive_bureaus b where b.body_id = app.body() and b.dispatch_id = dispatches.id offset 0)$$,
  $$app.kind() in ('school', 'county', 'provincial_bureau', 'system') and ({see})$$);

delete from app.documents where application_id is not null;
call app.guard(
  'documents',
  'app.kind() = ''system'' or exists (select from app.placements r where r.id = placement_id)',
  '{anyone}'
);

drop function app.verified_document(text, bytea);
create function app.verified_document(code text, sha256 bytea)
returns table (
    id uuid, kind text, document_code text, issued_at timestamptz, placement_kind text, number text,
    graduate_name text, school_name text, unit_name text, state text, signed_on date, approved_at timestamptz,
    ended_at timestamptz, signed_by text, certificate bytea
) language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select d.id, d.kind, d.code, d.issued_at, p.kind, p.number, app.masked_name(p.graduate_name), p.school_name,
         p.unit_name, case p.status when 'reviewed' then 'approved' else p.status end, p.signed_on, p.approved_at,
         p.ended_at, d.signed_by, d.certificate
    from app.documents d join app.placements p on p.id = d.placement_id
   where app.visits('verification')
     and (d.code = verified_document.code or d.sha256 = verified_document.sha256)
     and p.status <> 'draft' and p.decision is distinct from 'rejected'
$$;
