-- Documents are signed when they are stored, and whoever verifies one is told by whom.

create or replace function app.never_another_document() returns trigger language plpgsql as $$
declare
  stored constant text[] := array['sha256', 'size', 'stored_at', 'signed_by', 'certificate'];
begin
  if old.sha256 is not null or to_jsonb(new) - stored <> to_jsonb(old) - stored then
    raise exception 'an issued document is never changed' using errcode = '42501';
  end if;
  return new;
end $$;

-- As before, with the name in the certificate and its SHA-256.

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
