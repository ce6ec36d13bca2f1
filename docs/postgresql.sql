-- Recommended for two cores and 8 GB that PostgreSQL shares with the web server and the scheduler.
-- `tracker doctor` compares with those that docs/postgresql.md explains. Memory and connections need a restart
-- of PostgreSQL. 60 connections are enough for four processes of the web server.

ALTER SYSTEM SET max_connections = '60';
ALTER SYSTEM SET shared_buffers = '2GB';
ALTER SYSTEM SET effective_cache_size = '5GB';
ALTER SYSTEM SET work_mem = '16MB';
ALTER SYSTEM SET maintenance_work_mem = '256MB';

-- Fewer checkpoints, less to write; fsync, synchronous_commit and full_page_writes stay on.
ALTER SYSTEM SET max_wal_size = '4GB';
ALTER SYSTEM SET min_wal_size = '1GB';
ALTER SYSTEM SET checkpoint_timeout = '15min';
ALTER SYSTEM SET wal_compression = 'on';

-- The disk is a solid-state one; queries are short, and compiling them costs more than it saves.
ALTER SYSTEM SET random_page_cost = '1.1';
ALTER SYSTEM SET effective_io_concurrency = '100';
ALTER SYSTEM SET jit = 'off';
ALTER SYSTEM SET max_parallel_workers_per_gather = '1';

-- Tidying up in small steps, often; the busiest tables have their own settings from `tracker db upgrade`.
ALTER SYSTEM SET autovacuum_naptime = '30s';
ALTER SYSTEM SET autovacuum_vacuum_cost_limit = '1000';

-- Slow statements are logged without their values, which are personal.
ALTER SYSTEM SET log_min_duration_statement = '1s';
ALTER SYSTEM SET log_parameter_max_length = '0';
ALTER SYSTEM SET log_lock_waits = 'on';

SELECT pg_reload_conf();
