/** One step of the database from one version to the next. Steps are never edited once released; new ones are appended. */
export interface Migration {
  why: string
  sql: string
}

/** Position in this list + 1 is the version (PRAGMA user_version) that the step leads to. */
export const migrations: Migration[] = [
  {
    why: 'the first release: people, things of the show, settings with their history, the activity log',
    sql: `
      CREATE TABLE users (
        id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE COLLATE NOCASE, password TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
        created_at INTEGER NOT NULL, signed_in_at INTEGER) STRICT;
      CREATE TABLE sessions (
        hash TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at INTEGER NOT NULL, used_at INTEGER NOT NULL) STRICT;
      CREATE INDEX sessions_user ON sessions (user);
      CREATE TABLE tokens (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, scope TEXT NOT NULL,
        created_by TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER) STRICT;
      CREATE TABLE settings_versions (
        version INTEGER PRIMARY KEY, settings TEXT NOT NULL, changed_at INTEGER NOT NULL, changed_by TEXT NOT NULL) STRICT;
      CREATE TABLE events (
        id TEXT PRIMARY KEY, time INTEGER NOT NULL, type TEXT NOT NULL, severity TEXT NOT NULL,
        actor TEXT, message TEXT NOT NULL, data TEXT NOT NULL) STRICT;
      CREATE INDEX events_type ON events (type, id);
      CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE cameras (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;
      CREATE TABLE destinations (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;
      CREATE TABLE overlays (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;
      CREATE TABLE data (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;
      CREATE TABLE live (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;`,
  },
  {
    why: 'recordings: their index',
    sql: 'CREATE TABLE recordings (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;',
  },
  {
    why: 'passwords among the settings, sealed apart from the settings and their history',
    sql: 'CREATE TABLE settings_secrets (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;',
  },
  {
    why: 'sound files that were uploaded',
    sql: 'CREATE TABLE sounds (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;',
  },
  {
    why: 'uploads of recordings: which files the other side has acknowledged',
    sql: `
      CREATE TABLE uploads (
        recording TEXT NOT NULL, file TEXT NOT NULL, target TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
        sent_at INTEGER NOT NULL, PRIMARY KEY (recording, file)) STRICT, WITHOUT ROWID;`,
  },
  {
    why: 'presets of cameras',
    sql: 'CREATE TABLE presets (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;',
  },
  {
    why: 'live data: when it was pushed; of what is there already, now',
    sql: "UPDATE data SET body = json_set(body, '$.at', unixepoch() * 1000);",
  },
  {
    why: 'files of overlays: when each was used, and which were announced',
    sql: `
      CREATE TABLE asset_files (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;
      CREATE TABLE asset_manifest (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;`,
  },
  {
    why: 'what was on air: facts for proof of play',
    sql: `
      CREATE TABLE airings (
        program TEXT NOT NULL, overlay TEXT NOT NULL, cue TEXT NOT NULL, asset TEXT NOT NULL, sha256 TEXT NOT NULL,
        first_at REAL NOT NULL, last_at REAL NOT NULL, frames INTEGER NOT NULL, ended INTEGER NOT NULL,
        PRIMARY KEY (first_at, program, overlay, cue, asset, sha256)) STRICT, WITHOUT ROWID;`,
  },
  {
    why: 'timelines',
    sql: 'CREATE TABLE timelines (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;',
  },
  {
    why: 'schedules of timelines',
    sql: 'CREATE TABLE schedules (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;',
  },
  {
    // What stands in airings is carried over row by row (proof/inherited.ts): the key that seals rows is not here.
    why: 'proof of play: rows that are only added, each chained to the one before',
    sql: `
      CREATE TABLE proof (
        n INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, first_at REAL NOT NULL, last_at REAL NOT NULL,
        body TEXT NOT NULL, hash TEXT NOT NULL, seal TEXT NOT NULL) STRICT;
      CREATE INDEX proof_time ON proof (last_at, first_at);`,
  },
  {
    why: 'segments that are kept',
    sql: 'CREATE TABLE segments (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;',
  },
  {
    why: 'proof of play: found by kind and time',
    sql: 'DROP INDEX proof_time; CREATE INDEX proof_kind ON proof (kind, last_at, first_at);',
  },
  {
    why: 'the channel to Studio: the pairing, commands with what was said about them, and what is still to be told',
    sql: `
      CREATE TABLE studio (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;
      CREATE TABLE studio_inbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, lane TEXT NOT NULL,
        body TEXT NOT NULL, source TEXT NOT NULL, said_at INTEGER NOT NULL, arrived_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL, status TEXT NOT NULL, final INTEGER NOT NULL, acks TEXT NOT NULL) STRICT;
      CREATE INDEX studio_inbox_open ON studio_inbox (seq) WHERE final = 0;
      CREATE TABLE studio_outbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
        time INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
      CREATE INDEX studio_outbox_kind ON studio_outbox (kind, seq);
      CREATE TABLE studio_samples (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, type TEXT NOT NULL, time INTEGER NOT NULL,
        data TEXT NOT NULL) STRICT;`,
  },
  {
    why: 'the queue of segments',
    sql: 'CREATE TABLE segment_queue (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;',
  },
  {
    why: 'commands of Studio: whether one that was begun took effect is seen by when that was',
    sql: 'ALTER TABLE studio_inbox ADD COLUMN begun_at INTEGER;',
  },
  {
    why: 'cues that were missed',
    sql: `
      CREATE TABLE make_goods (
        n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, timeline TEXT NOT NULL, name TEXT NOT NULL, program TEXT,
        cue TEXT NOT NULL, overlay TEXT, duration REAL NOT NULL, why TEXT NOT NULL) STRICT;
      CREATE INDEX make_goods_time ON make_goods (at);`,
  },
  {
    why: 'what became of the cues of timelines',
    sql: `
      CREATE TABLE cue_log (
        n INTEGER PRIMARY KEY AUTOINCREMENT, timeline TEXT NOT NULL, cue TEXT NOT NULL, planned_at INTEGER NOT NULL,
        actual_at INTEGER, outcome TEXT NOT NULL, taken_by TEXT NOT NULL, facts TEXT NOT NULL) STRICT;
      CREATE INDEX cue_log_time ON cue_log (timeline, planned_at, actual_at);`,
  },
  {
    why: 'campaigns of advertisers',
    sql: 'CREATE TABLE campaigns (id TEXT PRIMARY KEY, body TEXT NOT NULL, secrets BLOB) STRICT;',
  },
]
