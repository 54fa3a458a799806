using System.Runtime.CompilerServices;
using Hypersend.Server.Engines.Blobs.Sealed;
using Hypersend.Server.Engines.Sql;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Whether what is encrypted can be opened: a server that cannot does not start.</summary>
internal sealed class EncryptionCheck : ICheck
{
    public string Name => "encryption";

    public string Fix => "See what is said of the database: it has the keys of the files.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A server that has not begun has nothing encrypted, and is given no key by looking.
        if (!site.HasKey || (site.Get<DatabaseUrl>().SqlitePath is { } path && !File.Exists(path)))
            yield break;
        string? refusal;
        try
        {
            if (await site.Get<SqlDatabase>().PendingAsync(Migration.Embedded(), cancellation) is { Count: > 0 })
                yield break;
            refusal = await site.Get<CheckKeys>().RefuseAsync(cancellation);
        }
        catch (Exception exception) when (exception is EngineUnavailableException or InvalidOperationException)
        {
            // Said of the database already.
            yield break;
        }

        yield return refusal is null
            ? Finding.Ok("encryption", "whatever is encrypted can be opened")
            : Finding.Wrong("encryption", refusal, "Put the key back from your backup. Without it these files are lost.");
    }
}
