-- What decides how long identification information is kept, beside the information itself (Order art. 30-6).
CREATE SCHEMA retention;
COMMENT ON SCHEMA retention IS '本人確認情報の保存期間に係る通知';

CREATE TABLE retention.confirmed_move_out (
    resident_record_code text        COLLATE "C" NOT NULL,
    update_sequence      integer     NOT NULL CHECK (update_sequence > 0),
    sender               text        NOT NULL,
    notice_number        text        COLLATE "C" NOT NULL,
    confirmed_on         text        COLLATE "C" NOT NULL,
    moved_to             text        COLLATE "C" NOT NULL,
    received_at          timestamptz NOT NULL,
    PRIMARY KEY (resident_record_code, update_sequence, sender)
);
COMMENT ON TABLE retention.confirmed_move_out IS '転出確定通知';
COMMENT ON COLUMN retention.confirmed_move_out.resident_record_code IS '住民票コード';
COMMENT ON COLUMN retention.confirmed_move_out.update_sequence IS '転出による消除の更新順番号';
COMMENT ON COLUMN retention.confirmed_move_out.sender IS '通知した市町村のノード';
COMMENT ON COLUMN retention.confirmed_move_out.confirmed_on IS '転入通知を受けた年月日';
COMMENT ON COLUMN retention.confirmed_move_out.moved_to IS '転入先の全国地方公共団体コード';

GRANT USAGE ON SCHEMA retention TO :"app_role";
GRANT SELECT, INSERT ON retention.confirmed_move_out TO :"app_role";
