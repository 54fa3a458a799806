using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Platform.Turns;

/// <summary>
/// Which server of a cluster this is, and in which of its lives. Only one process at a time has a DATA_ROOT: what an earlier life of
/// the same server held when it died nobody holds any more.
/// </summary>
internal sealed record ThisNode(Guid Id, Guid Life)
{
    private const string FileName = "node";

    public static ThisNode Of(string dataRoot, TimeProvider clock)
    {
        var text = SecretFile.ReadOrCreate(Path.Combine(dataRoot, FileName), () => Guid.CreateVersion7(clock.GetUtcNow()).ToString());
        return Guid.TryParse(text, out var id)
            ? new ThisNode(id, Guid.CreateVersion7(clock.GetUtcNow()))
            : throw new SecretRefusedException($"The file {FileName} in DATA_ROOT is damaged. Remove it: the server makes another one.");
    }
}
