using Hypersend.Server.Engines.Sql;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Start.Verbs;

/// <summary>Brings the schema up to this program's, as a start would, and says what it did.</summary>
internal sealed class Migrate : IVerb
{
    public VerbForm Form { get; } = new("migrate", "brings the database up to this version; --dry only says how") { Switches = ["--dry"] };

    public async Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
    {
        await using var app = VerbHost.Beside(call);
        var steps = Migration.Embedded();
        var url = app.Services.GetRequiredService<DatabaseUrl>();

        // A look makes no file.
        if (call.Has("--dry") && url.SqlitePath is { } path && !File.Exists(path))
            return Tell(call, $"There is no database at {path} yet. These would make it:", steps);

        var database = app.Services.GetRequiredService<SqlDatabase>();
        var pending = await PendingAsync(database, steps, cancellation);
        if (pending.Count == 0)
            return Tell(call, $"The database is up to date at {steps[^1].Name}.", []);
        if (call.Has("--dry"))
            return Tell(call, "These would be applied:", pending);

        // SQLite's one process must not find its tables changed under it; on PostgreSQL nodes of two versions are made to live side by side.
        using var held = url.SqlitePath is null ? null : DataRoot.Claim(app.Services.GetRequiredService<ServerOptions>().DataRoot);
        foreach (var step in pending)
        {
            await database.MigrateAsync([.. steps.TakeWhile(one => one.Number <= step.Number)], cancellation);
            await call.Out.WriteLineAsync($"applied {step.Name}");
        }

        return Tell(call, $"The database is up to date at {steps[^1].Name}.", []);
    }

    private static async Task<IReadOnlyList<Migration>> PendingAsync(SqlDatabase database, IReadOnlyList<Migration> steps, CancellationToken cancellation)
    {
        try
        {
            return await database.PendingAsync(steps, cancellation);
        }
        catch (InvalidOperationException exception)
        {
            throw new PreparationException(exception.Message, exception);
        }
    }

    private static int Tell(VerbCall call, string sentence, IReadOnlyList<Migration> steps)
    {
        call.Out.WriteLine(sentence);
        foreach (var step in steps)
            call.Out.WriteLine($"  {step.Name}");
        return ExitCodes.Done;
    }
}
