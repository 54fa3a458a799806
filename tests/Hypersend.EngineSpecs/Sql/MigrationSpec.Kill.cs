using System.Diagnostics;
using Hypersend.EngineSpecs.Engines;

namespace Hypersend.EngineSpecs.Sql;

/// <summary>A migration that is killed for real, at several points.</summary>
public abstract partial class MigrationSpec
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Killed_in_the_middle_it_goes_on_where_it_was(int afterSteps)
    {
        await KillChildAsync(afterSteps);

        var interrupted = await StepsThatAreThereAsync();
        Assert.True(interrupted < MigratingChild.Steps.Count, "The child was done before it was killed: make its steps slower.");

        await Database.MigrateAsync(MigratingChild.Steps, Cancellation);
        Assert.Equal(MigratingChild.Steps.Select(step => (long)step.Number), await AppliedAsync());
        foreach (var step in MigratingChild.Steps)
            Assert.Equal(60_001, await Database.ReadAsync(sql => sql.ScalarAsync<long>($"SELECT COUNT(*) FROM step_{step.Number}"), Cancellation));
    }

    /// <summary>Kills the child inside the step after so many; SIGKILL leaves it no time to tidy up.</summary>
    private async Task KillChildAsync(int afterSteps)
    {
        // This program again, whether "dotnet" or its own executable started it.
        var self = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(self.FileName) == "dotnet")
            self.ArgumentList.Add(typeof(MigratingChild).Assembly.Location);
        foreach (var argument in new[] { MigratingChild.Word, Engine.Name, _url })
            self.ArgumentList.Add(argument);
        using var child = Process.Start(self)!;
        try
        {
            Assert.Equal("begun", await child.StandardOutput.ReadLineAsync(Cancellation));
            while (await StepsThatAreThereAsync() < afterSteps)
                Assert.False(child.HasExited, "The child ended before it was killed.");
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(Cancellation);
        }
    }

    private async Task<int> StepsThatAreThereAsync()
    {
        try
        {
            return (await AppliedAsync()).Count;
        }
        catch (System.Data.Common.DbException)
        {
            // Not even the ledger is there yet.
            return 0;
        }
    }
}

public sealed class MigrationOnSqlite(SqliteEngine engine) : MigrationSpec(engine), IClassFixture<SqliteEngine>;

public sealed class MigrationOnPostgres(PostgresEngine engine) : MigrationSpec(engine), IClassFixture<PostgresEngine>;
