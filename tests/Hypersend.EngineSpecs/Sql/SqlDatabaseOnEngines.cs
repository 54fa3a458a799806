using Hypersend.EngineSpecs.Engines;

namespace Hypersend.EngineSpecs.Sql;

public sealed class SqlDatabaseOnSqlite(SqliteEngine engine) : SqlDatabaseSpec(engine), IClassFixture<SqliteEngine>;

public sealed class SqlDatabaseOnPostgres(PostgresEngine engine) : SqlDatabaseSpec(engine), IClassFixture<PostgresEngine>;
