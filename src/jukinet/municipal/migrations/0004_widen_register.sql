-- Every item of Act art. 7 and 30-45, and the act each version came from.
ALTER TABLE register.resident_record
    ADD COLUMN act_number                 bigint,
    ADD COLUMN act_reason                 text COLLATE "C",
    ADD COLUMN acted_on                   text COLLATE "C",
    ADD COLUMN update_sequence            integer,
    ADD COLUMN registered_domicile        text,
    ADD COLUMN first_listed_person        text,
    ADD COLUMN previous_address           text,
    ADD COLUMN planned_move_out_on        text COLLATE "C",
    ADD COLUMN planned_move_out_to        text,
    ADD COLUMN confirmed_move_out_on      text COLLATE "C",
    ADD COLUMN confirmed_move_out_to      text,
    ADD COLUMN move_in_noticed_on         date,
    ADD COLUMN is_moving_abroad           boolean NOT NULL DEFAULT false,
    ADD COLUMN planned_succession         text,
    ADD COLUMN became_foreign_resident_on text COLLATE "C",
    ADD COLUMN residence_kind             text,
    ADD COLUMN residence_period           text,
    ADD COLUMN residence_until            text COLLATE "C",
    ADD COLUMN residence_card_number      text COLLATE "C",
    ADD COLUMN further_items              text;
COMMENT ON COLUMN register.resident_record.act_number IS '異動の番号';
COMMENT ON COLUMN register.resident_record.act_reason IS '異動事由（この版の）';
COMMENT ON COLUMN register.resident_record.acted_on IS '異動年月日（この版の）';
COMMENT ON COLUMN register.resident_record.change_reason IS '本人確認情報として最後に通知した異動事由';
COMMENT ON COLUMN register.resident_record.update_sequence IS 'この版を通知した更新順番号（通知していなければ空）';
COMMENT ON COLUMN register.resident_record.registered_domicile IS '本籍';
COMMENT ON COLUMN register.resident_record.first_listed_person IS '筆頭者';
COMMENT ON COLUMN register.resident_record.previous_address IS '従前の住所';
COMMENT ON COLUMN register.resident_record.planned_move_out_on IS '転出予定年月日';
COMMENT ON COLUMN register.resident_record.planned_move_out_to IS '転出先（予定）';
COMMENT ON COLUMN register.resident_record.confirmed_move_out_on IS '転出年月日（確定）';
COMMENT ON COLUMN register.resident_record.confirmed_move_out_to IS '転出先（確定）';
COMMENT ON COLUMN register.resident_record.move_in_noticed_on IS '転入通知日';
COMMENT ON COLUMN register.resident_record.is_moving_abroad IS '国外への転出予定';
COMMENT ON COLUMN register.resident_record.planned_succession IS '転出後に残る世帯員の世帯主と続柄';
COMMENT ON COLUMN register.resident_record.became_foreign_resident_on IS '外国人住民となった年月日';
COMMENT ON COLUMN register.resident_record.residence_kind IS '法第三十条の四十五の表の区分';
COMMENT ON COLUMN register.resident_record.residence_period IS '在留期間';
COMMENT ON COLUMN register.resident_record.residence_until IS '在留期間の満了の日';
COMMENT ON COLUMN register.resident_record.residence_card_number IS '在留カード又は特別永住者証明書の番号';
COMMENT ON COLUMN register.resident_record.further_items IS '法第七条第九号から第十四号までの事項等';
CREATE INDEX resident_record_moving_out ON register.resident_record (planned_move_out_on)
    WHERE planned_move_out_on IS NOT NULL;
CREATE INDEX resident_record_act ON register.resident_record (act_number) WHERE act_number IS NOT NULL;

-- One row is one act: a notification, or what the mayor does ex officio. Its versions point to it.
CREATE TABLE register.act (
    act_number     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    procedure      text        NOT NULL,
    acted_on       text COLLATE "C" NOT NULL,
    notified_on    date        NOT NULL,
    notifier       text        NOT NULL,
    notifier_name  text,
    identity_check text        NOT NULL,
    documents      text[]      NOT NULL,
    is_late        boolean     NOT NULL,
    statement      text,
    cancels        bigint,
    recorded_at    timestamptz NOT NULL,
    recorded_by    text        NOT NULL,
    approved_by    text,
    CONSTRAINT act_pkey PRIMARY KEY (act_number)
);
COMMENT ON TABLE register.act IS '異動（届出又は職権）ごとに一行';
COMMENT ON COLUMN register.act.procedure IS '手続';
COMMENT ON COLUMN register.act.notifier IS '届出人の別';
COMMENT ON COLUMN register.act.notifier_name IS '代理人等の氏名';
COMMENT ON COLUMN register.act.identity_check IS '本人確認の方法';
COMMENT ON COLUMN register.act.documents IS '確認した書類';
COMMENT ON COLUMN register.act.is_late IS '届出期間経過';
COMMENT ON COLUMN register.act.statement IS '理由書の要旨';
COMMENT ON COLUMN register.act.cancels IS '取り消した異動の番号';
COMMENT ON COLUMN register.act.approved_by IS '仮登録を承認した操作者';
CREATE UNIQUE INDEX act_cancels ON register.act (cancels) WHERE cancels IS NOT NULL;
CREATE INDEX act_recorded_at ON register.act (recorded_at);

-- A code changes with its owner's number staying: what leads from either to the other.
CREATE INDEX resident_record_code ON register.resident_record (resident_record_code);
CREATE INDEX resident_record_card ON register.resident_record (residence_card_number)
    WHERE residence_card_number IS NOT NULL;
CREATE INDEX resident_record_individual_number ON register.resident_record (individual_number)
    WHERE individual_number IS NOT NULL;

CREATE OR REPLACE VIEW register.current_record AS
SELECT current.resident_number, current.version, current.household_number, current.relationship,
       handle.resident_record_code, current.individual_number, current.name, current.kana, current.former_surname,
       current.alias, current.birth_date, current.sex, current.municipality, current.address, current.postal_code,
       current.change_reason, current.changed_on, current.previous_resident_record_code, current.is_removed,
       current.became_resident_on, current.address_since_on, current.nationality, current.residence_status,
       current.is_protected, current.notified_on, current.recorded_at, current.recorded_by,
       current.act_number, current.act_reason, current.acted_on, current.update_sequence,
       current.registered_domicile, current.first_listed_person, current.previous_address,
       current.planned_move_out_on, current.planned_move_out_to, current.confirmed_move_out_on,
       current.confirmed_move_out_to, current.move_in_noticed_on, current.is_moving_abroad,
       current.planned_succession, current.became_foreign_resident_on, current.residence_kind,
       current.residence_period, current.residence_until, current.residence_card_number, current.further_items
  FROM register.resident AS handle
  JOIN register.resident_record AS current USING (resident_number, version);

GRANT SELECT, INSERT ON register.act TO :"app_role";
