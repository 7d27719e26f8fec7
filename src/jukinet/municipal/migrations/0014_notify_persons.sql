-- What people are told of acts done ex officio. What becomes of a letter is a row of its own: nothing is overwritten.
CREATE TABLE register.person_notice (
    notice_number   bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    act_number      bigint      NOT NULL,
    resident_number bigint      NOT NULL,
    version         integer     NOT NULL,
    procedure       text        COLLATE "C" NOT NULL,
    told_items      text        NOT NULL,
    destination     text,
    made_at         timestamptz NOT NULL,
    CONSTRAINT person_notice_pkey PRIMARY KEY (notice_number)
);
COMMENT ON TABLE register.person_notice IS '職権による記載等をした旨の本人への通知';
COMMENT ON COLUMN register.person_notice.act_number IS '異動の番号';
COMMENT ON COLUMN register.person_notice.procedure IS '手続';
COMMENT ON COLUMN register.person_notice.told_items IS '項目、変更前、変更後（JSON）';
COMMENT ON COLUMN register.person_notice.destination IS '宛先（明らかでないときは空）';
CREATE INDEX person_notice_resident ON register.person_notice (resident_number);
CREATE INDEX person_notice_act ON register.person_notice (act_number);

CREATE TABLE register.person_notice_event (
    notice_number bigint      NOT NULL,
    event_number  integer     NOT NULL CHECK (event_number > 0),
    event         text        COLLATE "C" NOT NULL CHECK (event IN ('sent', 'returned', 'posted')),
    happened_on   date        NOT NULL,
    recorded_at   timestamptz NOT NULL,
    recorded_by   text        NOT NULL,
    CONSTRAINT person_notice_event_pkey PRIMARY KEY (notice_number, event_number)
);
COMMENT ON TABLE register.person_notice_event IS '本人通知の発送・返戻・公示';
COMMENT ON COLUMN register.person_notice_event.happened_on IS '発送・返戻・公示の年月日';

-- Where each letter is: its latest event.
CREATE VIEW register.present_person_notice AS
SELECT notice.notice_number, notice.act_number, notice.resident_number, notice.version, notice.procedure,
       notice.told_items, notice.destination, notice.made_at, coalesce(latest.event_number, 0) AS event_number,
       coalesce(latest.event, 'waiting') AS state, latest.happened_on, latest.recorded_by
  FROM register.person_notice AS notice
  LEFT JOIN LATERAL (
       SELECT event_number, event, happened_on, recorded_by
         FROM register.person_notice_event
        WHERE notice_number = notice.notice_number
        ORDER BY event_number DESC
        LIMIT 1
  ) AS latest ON true;
COMMENT ON VIEW register.present_person_notice IS '本人通知の現在の状態';

GRANT SELECT, INSERT ON register.person_notice, register.person_notice_event TO :"app_role";
GRANT SELECT ON register.present_person_notice TO :"app_role";
