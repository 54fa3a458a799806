using System.Runtime.InteropServices;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hypersend.EngineSpecs.Sqlite;

/// <summary>A statement is compiled once for its connection: to compile one takes most of the time of a small query, and one forgotten stays in memory.</summary>
public sealed class SqliteStatementSpec(SqliteEngine engine) : StoreSpec(engine), IClassFixture<SqliteEngine>
{
    private const int Times = 20;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint NextStatement(nint database, nint statement);

    public static TheoryData<string> Ways { get; } = ["list", "find", "scalar", "execute", "messages", "messages, none", "messages, and it fails"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_query_that_comes_again_leaves_no_more_statements_behind(string way)
    {
        var (first, last) = await Database.ReadAsync(
            async sql =>
            {
                await AskAsync(sql, way);
                var before = StatementsOf(sql);
                for (var i = 0; i < Times; i++)
                    await AskAsync(sql, way);
                return (before, StatementsOf(sql));
            },
            Cancellation);

        Assert.Equal(first, last);
    }

    private static async Task AskAsync(SqlSession sql, string way)
    {
        switch (way)
        {
            case "list":
                await sql.ListAsync<string>("SELECT id FROM users WHERE username = @name", new { name = "nobody" });
                break;
            case "find":
                await sql.FindAsync<string>("SELECT name FROM users WHERE username = @name", new { name = "nobody" });
                break;
            case "scalar":
                await sql.ScalarAsync<long>("SELECT COUNT(*) FROM users WHERE username = @name", new { name = "nobody" });
                break;
            case "execute":
                await sql.ExecuteAsync("BEGIN DEFERRED");
                await sql.ExecuteAsync("ROLLBACK TRANSACTION");
                break;
            case "messages":
                Assert.Single(await sql.Dialect.Messages.ListAsync(sql, OneRow + "WHERE 1 = @one", new { one = 1 }));
                break;
            case "messages, none":
                Assert.Empty(await sql.Dialect.Messages.ListAsync(sql, OneRow + "WHERE 2 = @one", new { one = 1 }));
                break;
            case "messages, and it fails":
                await Assert.ThrowsAsync<SqliteException>(() => sql.Dialect.Messages.ListAsync(sql, OneRow + "WHERE abs(@least)", new { least = long.MinValue }));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(way), way, "No way to ask.");
        }
    }

    // In the places of the columns of a message.
    private static string OneRow { get; } =
        "SELECT 1, 1, zeroblob(16), 'ana', 'Ana', NULL, 'text', 'hi', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL ";

    private static int StatementsOf(SqlSession sql)
    {
        var next = Marshal.GetDelegateForFunctionPointer<NextStatement>(SqliteLibrary.AddressOf("sqlite3_next_stmt"));
        var database = ((SqliteConnection)sql.Connection).Handle!.DangerousGetHandle();
        var count = 0;
        for (var statement = next(database, 0); statement != 0; statement = next(database, statement))
            count++;
        return count;
    }
}
