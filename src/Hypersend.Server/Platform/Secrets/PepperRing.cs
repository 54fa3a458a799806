namespace Hypersend.Server.Platform.Secrets;

/// <summary>The keys mixed into every password hash, each with an id that is stored beside the hash; the first is used for new hashes.</summary>
internal sealed class PepperRing
{
    private readonly NamedKeys _keys;

    private PepperRing(NamedKeys keys) => _keys = keys;

    public (string Id, byte[] Key) Current => _keys.Current;

    /// <summary>Reads <c>id:base64,id2:base64</c> (current first), or the file pepper.key of the data root, which is made when absent.</summary>
    public static PepperRing Load(string? configured, string dataRoot)
    {
        var path = Path.Combine(dataRoot, "pepper.key");
        if (string.IsNullOrWhiteSpace(configured))
            return new PepperRing(NamedKeys.Parse(SecretFile.ReadOrCreate(path, NamedKeys.Make), $"The file {path}"));

        // A site that moves from the file to the setting must still open the passwords hashed before.
        var older = SecretFile.ReadIfPresent(path);
        return new PepperRing(NamedKeys.Parse(configured, "PASSWORD_PEPPER").Before(older is null ? null : NamedKeys.Parse(older, $"The file {path}")));
    }

    /// <summary>Peppers that follow from the server's keys, written as the setting is: the same on every node that has the same keys.</summary>
    public static string Derived(KeyRing keys) => NamedKeys.Derive(keys, "password-pepper");

    public byte[]? Find(string id) => _keys.Find(id);
}
