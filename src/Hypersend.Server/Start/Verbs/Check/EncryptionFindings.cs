using Hypersend.Server.Engines.Blobs.Sealed;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Whether what is encrypted can be opened: a server that cannot does not start.</summary>
internal static class EncryptionFindings
{
    /// <summary>Asked on the line of the database's own check, whose tables are this version's: another one would change what is looked at.</summary>
    public static async IAsyncEnumerable<Finding> LookAsync(Site site, SqlSession session, Finding schema)
    {
        // A server that has not begun has nothing encrypted, and is given no key by looking.
        if (schema.Verdict != Verdict.Ok || !site.HasKey)
            yield break;
        yield return CheckKeys.Refuse(await SqlFileKeys.SamplesAsync(session), site.Get<StorageKeys>()) is { } refusal
            ? Finding.Wrong("encryption", refusal, "Put the key back from your backup. Without it these files are lost.")
            : Finding.Ok("encryption", "whatever is encrypted can be opened");
    }
}
