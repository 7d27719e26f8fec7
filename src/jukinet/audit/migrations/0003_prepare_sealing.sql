-- What the sealed log needs of an entry. Every new column has a default: writers that do not know it keep working.
ALTER TABLE audit.use_log
    ADD COLUMN office          text,
    ADD COLUMN ground          text,
    ADD COLUMN withheld_reason text CHECK (withheld_reason IN ('investigation', 'third_party')),
    ADD COLUMN withheld_until  date,
    -- The transaction that wrote the entry: sealing takes what a snapshot shows and the last one did not.
    ADD COLUMN recorded_in     xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD CONSTRAINT use_log_withheld_check
        CHECK (withheld_until IS NULL OR withheld_reason IS NOT NULL),
    ADD CONSTRAINT use_log_term_check
        CHECK (withheld_reason IS DISTINCT FROM 'investigation' OR withheld_until IS NOT NULL);
COMMENT ON COLUMN audit.use_log.office IS '照会した部署';
COMMENT ON COLUMN audit.use_log.ground IS '提供の法的根拠（提供時に記録したもの。空は事務と日付から求める）';
COMMENT ON COLUMN audit.use_log.withheld_reason IS '本人への表示を留保する理由（捜査、第三者の秘密）。留保しないときは空';
COMMENT ON COLUMN audit.use_log.withheld_until IS '留保の期限。この日から本人に表示する';
COMMENT ON COLUMN audit.use_log.recorded_in IS '記録した処理の番号。封印の対象を漏れなく求めるために用いる';
CREATE INDEX use_log_recorded ON audit.use_log (recorded_in);

CREATE TABLE audit.set_commitment (
    message_id   text        NOT NULL,
    agency       text        NOT NULL,
    committed_at timestamptz NOT NULL,
    content      text        NOT NULL,
    signature    text        NOT NULL,
    certificate  text        NOT NULL,
    secret       bytea       NOT NULL CHECK (length(secret) = 32),
    recorded_in  xid8        NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (message_id, agency)
);
COMMENT ON TABLE audit.set_commitment IS '一括提供のファイルごとの対象者の集合の証明（追記のみ）';
COMMENT ON COLUMN audit.set_commitment.content IS '署名した内容（そのままの文字列）';
COMMENT ON COLUMN audit.set_commitment.secret IS '対象者を推測されないための秘密の値。本人に示す証明を作るときに用いる';
CREATE INDEX set_commitment_recorded ON audit.set_commitment (recorded_in);

GRANT SELECT, INSERT ON audit.set_commitment TO :"app_role";
