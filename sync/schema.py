"""The engine's own tables, in a replica and at the server; knows no kind."""

LEDGER = (
    "CREATE TABLE IF NOT EXISTS ledger (scope TEXT PRIMARY KEY, epoch BLOB NOT NULL, number BIGINT NOT NULL,"
    " chain BLOB NOT NULL, signature BLOB NOT NULL, digest BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS entry (scope TEXT NOT NULL, number BIGINT NOT NULL, log BLOB NOT NULL, n BIGINT NOT NULL,"
    " mark BLOB NOT NULL, before BLOB NOT NULL, commitment BLOB NOT NULL, salt BLOB, body BLOB, verdict BIGINT NOT NULL,"
    " reason BLOB, control BIGINT NOT NULL, record TEXT, remains BLOB, PRIMARY KEY (scope, number))",
    "CREATE UNIQUE INDEX IF NOT EXISTS entry_dot ON entry (log, n, mark)",
    "CREATE INDEX IF NOT EXISTS entry_record ON entry (record)",
    "CREATE TABLE IF NOT EXISTS log (id BLOB PRIMARY KEY, scope TEXT NOT NULL, signer BLOB NOT NULL, nonce BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS log_signature (log BLOB NOT NULL, n BIGINT NOT NULL, link BLOB NOT NULL, signature BLOB NOT NULL,"
    " PRIMARY KEY (log, n, link))",
    "CREATE TABLE IF NOT EXISTS log_seed (log BLOB NOT NULL, run BIGINT NOT NULL, seed BLOB NOT NULL, PRIMARY KEY (log, run, seed))",
    "CREATE TABLE IF NOT EXISTS signed_head (scope TEXT NOT NULL, number BIGINT NOT NULL, chain BLOB NOT NULL, signature BLOB NOT NULL,"
    " PRIMARY KEY (scope, number))",
    "CREATE TABLE IF NOT EXISTS waiting (scope TEXT NOT NULL, log BLOB NOT NULL, n BIGINT NOT NULL, mark BLOB NOT NULL,"
    " before BLOB NOT NULL, commitment BLOB NOT NULL, body BLOB NOT NULL, record TEXT NOT NULL, salt BLOB, PRIMARY KEY (log, n, mark))",
    "CREATE TABLE IF NOT EXISTS forgotten (scope TEXT PRIMARY KEY, control BIGINT NOT NULL, swept BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS waiting_record ON waiting (record)",
    "CREATE TABLE IF NOT EXISTS gap (log BLOB NOT NULL, n BIGINT NOT NULL, before BLOB NOT NULL, commitment BLOB NOT NULL,"
    " PRIMARY KEY (log, n, before, commitment))",
    "CREATE TABLE IF NOT EXISTS epoch_step (scope TEXT NOT NULL, position BIGINT NOT NULL, old BLOB NOT NULL, new BLOB NOT NULL,"
    " number BIGINT NOT NULL, chain BLOB NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (scope, position))",
    "CREATE TABLE IF NOT EXISTS healed (scope TEXT NOT NULL, number BIGINT NOT NULL, chain BLOB NOT NULL, PRIMARY KEY (scope, number, chain))",
    "CREATE TABLE IF NOT EXISTS lost_page (scope TEXT NOT NULL, number BIGINT NOT NULL, data BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS unknown (id TEXT PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, number BIGINT, state BLOB,"
    " gone BIGINT NOT NULL, conflicts BIGINT NOT NULL, pending BIGINT NOT NULL, hash BLOB)",
    "CREATE INDEX IF NOT EXISTS unknown_number ON unknown (number)",
    "CREATE TABLE IF NOT EXISTS snapshot (scope TEXT PRIMARY KEY, epoch BLOB NOT NULL, number BIGINT NOT NULL, file BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS provenance (scope TEXT PRIMARY KEY, finished BIGINT NOT NULL, data BLOB NOT NULL)",
)

REPLICA = (  # beside those of the ledger, on a PC only
    "CREATE TABLE IF NOT EXISTS road (scope TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, road TEXT NOT NULL,"
    " taken BIGINT NOT NULL, PRIMARY KEY (scope, first))",
)
