namespace Hypersend.Server.Platform.Secrets;

/// <summary>A key derived for one purpose; its id may be shown, its secret may not.</summary>
internal sealed record SigningKey(string Id, byte[] Secret)
{
    // The made ToString of a record would print what must never reach a log.
    public override string ToString() => $"SigningKey {Id}";
}
