-- A file is its owner's; attached to a record, it is as visible as the record.

-- Whether the caller sees a record of this kind: the policy of its table says so. The table is called as the kind is, in
-- the plural, so that a new procedure need not be named here. Runs with the caller's rights.
create function app.sees_record(kind text, record uuid) returns boolean language plpgsql stable as $$
declare
  found_one boolean;
begin
  execute format('select exists (select from app.%I where id = $1)',
                 case when kind in ('agreement', 'destination') then 'placements'
                      when kind like '%y' then left(kind, -1) || 'ies'
                      else kind || 's' end)
     into found_one using record;
  return found_one;
end $$;

-- A function, and with its owner's rights, because the policies of files and attachments would else ask each other.
create function app.owns_file(file uuid) returns boolean language sql stable security definer
  set search_path = app, pg_temp as $$
  select exists (select from app.files f where f.id = file
                    and (f.account_id = app.account() or f.body_id = app.body() or app.kind() = 'system'))
$$;

-- What one may read one may attach: the graduate who accepts takes the notice along to the agreement. A file that went
-- since the look is no longer seen: the writer looks again (AP412).
create function app.sees_file(file uuid) returns boolean language plpgsql stable as $$
begin
  return exists (select from app.files f where f.id = file) or app.refuse('file') is null;
end $$;

call app.guard('attachments', 'app.owns_file(file_id) or app.sees_record(record_kind, record_id)',
                              'app.sees_file(file_id)');
call app.guard('files', 'account_id = app.account() or body_id = app.body() or app.kind() = ''system''
                           or exists (select from app.attachments a where a.file_id = files.id)',
                        'account_id = app.account() or body_id = app.body() or app.kind() = ''system''');
call app.guard('file_usage', 'owner_id in (app.account(), app.body()) or app.kind() = ''system''', '{see}');

revoke update on app.files, app.attachments from employment_app; -- neither ever changes
grant delete on app.files to employment_app; -- an attached one is kept by its foreign key

-- What was named before there were attachments.

insert into app.attachments
select e.id, f.id, 'employer', f.purpose, now() from app.employers e join app.files f on f.id = e.licence_file_id;
insert into app.attachments
select i.id, f.id, 'invitation', f.purpose, now()
  from app.invitations i join app.files f on f.id::text = i.terms ->> 'notice_file_id' and f.body_id = i.employer_id;

insert into app.file_usage
select coalesce(body_id, account_id), current_date, 0, 0, count(*), sum(greatest(size, kept_size))
  from app.files group by 1;
