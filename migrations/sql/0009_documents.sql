-- Issued documents. Whoever sees the placement sees what was printed of it; the public sees what a code opens, masked.

call app.guard(
  'documents',
  'app.kind() = ''system'' or exists (select from app.placements r where r.id = placement_id)',
  '{anyone}'
);

-- A document is stored once. Nothing else of it ever changes, whoever asks.

create function app.never_another_document() returns trigger language plpgsql as $$
begin
  if old.sha256 is not null
     or to_jsonb(new) - array['sha256', 'size', 'stored_at'] <> to_jsonb(old) - array['sha256', 'size', 'stored_at'] then
    raise exception 'an issued document is never changed' using errcode = '42501';
  end if;
  return new;
end $$;

create trigger documents_are_never_changed before update on app.documents
  for each row execute function app.never_another_document();

-- 王小明 → 王*明, 王明 → 王*.

create function app.masked_name(full_name text) returns text language sql immutable parallel safe as $$
  select case when length(full_name) < 2 then '*'
              when length(full_name) = 2 then left(full_name, 1) || '*'
              else left(full_name, 1) || repeat('*', length(full_name) - 2) || right(full_name, 1) end
$$;

-- What the public may know of the document with this code, or of the stored one with this hash: for this purpose alone,
-- the name masked before it leaves. Drafts and what was rejected are as unknown as a code that never was.

create function app.verified_document(code text, sha256 bytea)
returns table (
    id uuid, kind text, document_code text, issued_at timestamptz, placement_kind text, number text,
    graduate_name text, school_name text, unit_name text, state text, signed_on date, approved_at timestamptz,
    ended_at timestamptz
) language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select d.id, d.kind, d.code, d.issued_at, p.kind, p.number, app.masked_name(p.graduate_name), p.school_name,
         p.unit_name, case p.status when 'reviewed' then 'approved' else p.status end, p.signed_on, p.approved_at,
         p.ended_at
    from app.documents d join app.placements p on p.id = d.placement_id
   where app.visits('verification')
     and (d.code = verified_document.code or d.sha256 = verified_document.sha256)
     and p.status <> 'draft' and p.decision is distinct from 'rejected'
$$;
