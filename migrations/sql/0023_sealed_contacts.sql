-- What a reveal may show of a placement: its sealed details, and the person who reads of it. Nothing for who may not see
-- it, nor of a draft. A county bureau sees the placement and not the graduate's own row: hence a function.

create function app.contacts_to_reveal(subject uuid)
returns table (id uuid, person_id uuid, details jsonb, details_sealed bytea)
language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select p.id, g.person_id, p.details, p.details_sealed
    from app.placements p
    join app.graduates g on g.id = p.graduate_id
   where p.id = contacts_to_reveal.subject
     and p.status <> 'draft'
     and case app.kind()
           when 'school' then p.school_id = app.body()
           when 'department' then p.department_id = app.body()
           when 'county' then p.county_id = app.body()
           else app.kind() in ('provincial_bureau', 'provincial_education')
         end
$$;
