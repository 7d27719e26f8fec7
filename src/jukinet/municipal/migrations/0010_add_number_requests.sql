-- What was asked of the prefecture when the pool of codes ran low. One request is open at a time, however often it is made.
CREATE TABLE register.code_request (
    request_number bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    requested_at   timestamptz NOT NULL,
    free_then      integer     NOT NULL,
    quantity       integer     NOT NULL,
    attempts       integer     NOT NULL DEFAULT 1,
    attempted_at   timestamptz NOT NULL,
    error_code     text,
    answered_at    timestamptz,
    came           integer,
    CONSTRAINT code_request_pkey PRIMARY KEY (request_number)
);
COMMENT ON TABLE register.code_request IS '住民票コードの指定の求め';
COMMENT ON COLUMN register.code_request.free_then IS '求めたときの残り';
COMMENT ON COLUMN register.code_request.quantity IS '求めた数';
COMMENT ON COLUMN register.code_request.attempts IS '求めた回数（応答がないときは繰り返す）';
COMMENT ON COLUMN register.code_request.error_code IS '最後に指定を受けられなかった理由';
COMMENT ON COLUMN register.code_request.came IS '指定を受けた数';
CREATE UNIQUE INDEX code_request_open ON register.code_request ((true)) WHERE answered_at IS NULL;

-- Whom the nation did not give a number yet, and when to ask again. Whoever has a number has no row that counts.
CREATE TABLE register.individual_number_request (
    resident_number bigint      NOT NULL,
    attempts        integer     NOT NULL CHECK (attempts > 0),
    next_attempt_at timestamptz NOT NULL,
    error_code      text        NOT NULL,
    CONSTRAINT individual_number_request_pkey PRIMARY KEY (resident_number)
);
COMMENT ON TABLE register.individual_number_request IS '個人番号とすべき番号の求め（まだ通知を受けていないもの）';
COMMENT ON COLUMN register.individual_number_request.next_attempt_at IS '次に求める時刻';
COMMENT ON COLUMN register.individual_number_request.error_code IS '最後に通知を受けられなかった理由';
CREATE INDEX resident_record_without_number ON register.resident_record (resident_number)
    WHERE individual_number IS NULL;

GRANT SELECT, INSERT, UPDATE ON register.code_request, register.individual_number_request TO :"app_role";
