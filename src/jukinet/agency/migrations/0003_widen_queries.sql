-- Queries by every way: which, from which office, through what; and an end to how long they are kept.
ALTER TABLE request.confirmation
    ADD COLUMN office  text NOT NULL DEFAULT '',
    ADD COLUMN method  text NOT NULL DEFAULT 'real_time',
    ADD COLUMN through text NOT NULL DEFAULT 'screen';
COMMENT ON COLUMN request.confirmation.method IS '照会の方法（real_time 即時提供、verification 照合、search 4情報検索）';
COMMENT ON COLUMN request.confirmation.through IS '照会の経路（screen 画面、command コマンド、organ_system/… 業務システム）';
CREATE INDEX confirmation_asked_at ON request.confirmation (asked_at);

GRANT DELETE ON request.confirmation TO :"app_role";
