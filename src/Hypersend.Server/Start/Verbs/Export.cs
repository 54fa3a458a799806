using Hypersend.Server.Features.Exports;

namespace Hypersend.Server.Start.Verbs;

/// <summary>Hands out everything of one person, to be given to them.</summary>
internal sealed class Export : IVerb
{
    public VerbForm Form { get; } = new("export", "writes everything of one person into a new folder or file.zip, also while the server runs")
    {
        Operands = ["USER", "TO"],
    };

    public Task<int> RunAsync(VerbCall call, CancellationToken cancellation) => BackupWords.TellAsync(call, async () =>
    {
        var (name, to) = (call.Operands[0], call.Operands[1]);
        await using var app = await VerbHost.BesideDatabaseAsync(call, cancellation);
        var exported = await app.Services.GetRequiredService<ExportPerson>().HandleAsync(
            name, () => to.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? new ZipExport(to) : new FolderExport(to), cancellation);
        if (exported is null)
        {
            await call.Error.WriteLineAsync($"There is nobody called {name}: name a user name, a mail address or an id.");
            return ExitCodes.NotThere;
        }

        await call.Out.WriteLineAsync($"Exported {exported.Username}: {exported.Chats:#,0} chats with {exported.Messages:#,0} messages, {exported.Files:#,0} files, into {to}.");
        foreach (var missing in exported.Missing)
            await call.Error.WriteLineAsync($"missing in the store: {missing}");
        return exported.Missing.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    });
}
