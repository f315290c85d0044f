-- Bills with one item each, one per control number given. Payers differ: two thousand names, and a phone of each bill's own.
-- $1 integer institution; $2 text[] control numbers; $3 text tag of the bill ids; $4 bigint number of the first;
-- $5 text payment option; $6 bigint amount in minor units; $7 text GFS code; $8 text state; $9 bigint paid in minor units
-- returns: nothing
with person as materialized (
  select string_to_array('Abdallah Agnes Aisha Amina Anna Asha Baraka Daudi Elia Emmanuel Esther Fatma Frank Furaha George '
           'Grace Hamisi Hassan Imani Issa James Joyce Juma Khadija Lulu Mariamu Mussa Neema Omari Peter Rehema Rose Saidi '
           'Salma Stella Tatu Upendo Yusuf Zawadi Zuhura', ' ') as first,
         string_to_array('Akida Bakari Chande Dachi Fungo Gwao Haule Ishengoma Joseph Kabudi Kagaruki Kessy Kimaro Kiwelu '
           'Komba Lema Lyimo Macha Magesa Makame Malima Mallya Masanja Massawe Mbwana Mchome Mfinanga Mgaya Mhina Minja '
           'Mkapa Mlay Mmari Mnyika Mollel Moshi Mrema Msangi Mtei Mushi Mwakyusa Ngowi Nyerere Omary Pallangyo Rajabu '
           'Sanga Shayo Temba Urio', ' ') as last
), number as (
  select n.number, $4::bigint + n.place - 1 as serial, uuidv7() as id
    from unnest($2::text[]) with ordinality as n (number, place)
), added as (
  insert into bill (id, sp_id, sp_bill_id, control_number, state, payment_option, currency, amount_minor, minimum_minor,
    paid_minor, cover_number, version, generated_at, expires_at, payer_id, payer_name, payer_phone, payer_email,
    description, generated_by, approved_by, sub_sp_code, system_id, content_digest)
  select id, $1, $3 || '-' || serial, number, $8, $5, 'TZS', $6::bigint, case $5 when 'partial' then 1 else $6 end, $9::bigint,
    case when $8 = 'paid' then 1 else 0 end, case when $8 = 'paid' then 2 else 1 end, gateway_now(),
    gateway_now() + interval '1 year', 'P' || serial, first[(1 + serial % 40)::integer] || ' ' || last[(1 + serial / 40 % 50)::integer],
    '2557' || lpad((serial % 100000000)::text, 8, '0'), '', 'Huduma ya mfano namba ' || serial,
    'karani', 'mhasibu', '1001', 'THOSP001', sha256(convert_to(number, 'UTF8'))
    from number, person
), numbered as (
  insert into control_number (number, sp_id, bill_id) select number, $1, id from number
)
insert into bill_item (bill_id, position, reference, pays_by_reference, gfs_code, amount_minor, paid_minor)
select id, 1, $3 || '-' || serial || '-1', false, $7, $6, $9 from number;
