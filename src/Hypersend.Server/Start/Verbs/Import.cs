using Hypersend.Server.Features.Imports;

namespace Hypersend.Server.Start.Verbs;

/// <summary>Takes what another server exported of a person.</summary>
internal sealed class Import : IVerb
{
    private const string SamePeople = "--same-people";

    public VerbForm Form { get; } = new("import", "takes what another server exported of a person, from a folder or file.zip, while this server is stopped")
    {
        Operands = ["FROM"],
        Switches = [SamePeople],
    };

    public Task<int> RunAsync(VerbCall call, CancellationToken cancellation) => BackupWords.TellAsync(call, async () =>
    {
        var from = call.Operands[0];
        using var source = Open(from);
        await using var app = await VerbHost.AloneAsync(call);
        var imported = await app.Services.GetRequiredService<ImportPerson>().HandleAsync(source, call.Has(SamePeople), cancellation);
        await call.Out.WriteLineAsync(
            $"Imported {imported.Username}: {imported.Chats:#,0} chats with {imported.Messages:#,0} new messages, {imported.Files:#,0} files. Accounts made for others, who cannot sign in: {imported.People:#,0}.");
        if (imported.IsNew)
            await call.Out.WriteLineAsync($"{imported.Username} has no password here: a mail of \"forgot password\" lets them in, or hypersend-server user reset-password {imported.Username}.");
        foreach (var left in imported.LeftOut)
            await call.Error.WriteLineAsync($"left out: {left}");
        return imported.LeftOut.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    });

    private static IImportSource Open(string from) =>
        Directory.Exists(from) ? new FolderImport(from)
        : File.Exists(from) ? new ZipImport(from)
        : throw new ImportRefusedException($"There is no export at {from}.");
}
