using System.Data.Common;
using Hypersend.Server.Engines.Sql.Shared;
using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>
/// A connection that keeps its commands, and with them their prepared statements, for the next time the same text comes:
/// to compile a query of twenty columns took most of the time of running it. One thread uses a connection, so no lock.
/// </summary>
internal sealed class PreparingConnection(string connectionString) : SqliteConnection(connectionString), IPreparedStatements
{
    /// <summary>Our texts are few; lists of varying length make others, and those must not pile up.</summary>
    private const int Limit = 200;

    private readonly Dictionary<string, KeptCommand> _idle = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RawStatement> _raw = new(StringComparer.Ordinal);
    private string? _expected;

    public void Expect(string sql) => _expected = sql;

    /// <summary>A statement of the hot path; the caller steps it to its end or resets it.</summary>
    public RawStatement Raw(string sql)
    {
        if (!_raw.TryGetValue(sql, out var statement))
            _raw[sql] = statement = new RawStatement(Handle!, sql);
        return statement;
    }

    protected override DbCommand CreateDbCommand()
    {
        if (_expected is not { } sql)
            return base.CreateDbCommand();
        _expected = null;
        return _idle.Remove(sql, out var kept) ? kept : new KeptCommand(this) { CommandText = sql };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in _idle.Values)
                command.End();
            _idle.Clear();
            foreach (var statement in _raw.Values)
                statement.Dispose();
            _raw.Clear();
        }

        base.Dispose(disposing);
    }

    private void Keep(KeptCommand command)
    {
        if (_idle.Count >= Limit || !_idle.TryAdd(command.CommandText, command))
            command.End();
    }

    /// <summary>Comes back instead of being disposed of.</summary>
    private sealed class KeptCommand(PreparingConnection owner) : SqliteCommand(null, owner)
    {
        private bool _ending;

        public void End()
        {
            _ending = true;
            Dispose();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_ending && owner.State == System.Data.ConnectionState.Open)
            {
                Parameters.Clear();
                owner.Keep(this);
                return;
            }

            base.Dispose(disposing);
        }
    }
}
