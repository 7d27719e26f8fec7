-- One sheet per person and code. What happens to a sheet is a row of its own: nothing is overwritten.
CREATE TABLE register.code_notice (
    notice_number        bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    resident_number      bigint      NOT NULL,
    version              integer     NOT NULL,
    kind                 text        NOT NULL CHECK (kind IN ('new', 'changed', 'corrected')),
    resident_record_code text COLLATE "C" NOT NULL,
    made_at              timestamptz NOT NULL,
    CONSTRAINT code_notice_pkey PRIMARY KEY (notice_number)
);
COMMENT ON TABLE register.code_notice IS '住民票コード通知票（一人に一枚）';
COMMENT ON COLUMN register.code_notice.kind IS '通知・変更通知・修正通知の別';
COMMENT ON COLUMN register.code_notice.resident_record_code IS '通知する住民票コード';
CREATE INDEX code_notice_resident ON register.code_notice (resident_number);

CREATE TABLE register.code_notice_event (
    notice_number  bigint      NOT NULL,
    event_number   integer     NOT NULL CHECK (event_number > 0),
    event          text        NOT NULL,
    happened_on    date        NOT NULL,
    delivery       text,
    identity_check text,
    recorded_at    timestamptz NOT NULL,
    recorded_by    text        NOT NULL,
    CONSTRAINT code_notice_event_pkey PRIMARY KEY (notice_number, event_number)
);
COMMENT ON TABLE register.code_notice_event IS '通知票の発行・返戻・窓口交付・再送付・廃棄';
COMMENT ON COLUMN register.code_notice_event.happened_on IS '発行・返戻・交付・再送付・廃棄の年月日';
COMMENT ON COLUMN register.code_notice_event.delivery IS '送付の方法';
COMMENT ON COLUMN register.code_notice_event.identity_check IS '窓口で渡したときの本人確認の方法';

-- Where each sheet is: its latest event.
CREATE VIEW register.present_code_notice AS
SELECT notice.notice_number, notice.resident_number, notice.version, notice.kind, notice.resident_record_code,
       notice.made_at, coalesce(latest.event_number, 0) AS event_number, latest.event, latest.happened_on,
       latest.delivery, latest.recorded_by
  FROM register.code_notice AS notice
  LEFT JOIN LATERAL (
       SELECT event_number, event, happened_on, delivery, recorded_by
         FROM register.code_notice_event
        WHERE notice_number = notice.notice_number
        ORDER BY event_number DESC
        LIMIT 1
  ) AS latest ON true;
COMMENT ON VIEW register.present_code_notice IS '通知票の現在の状態';

GRANT SELECT, INSERT ON register.code_notice, register.code_notice_event TO :"app_role";
GRANT SELECT ON register.present_code_notice TO :"app_role";
