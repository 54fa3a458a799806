using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Tests.Platform.Secrets;

public sealed class StorageKeysTests
{
    private static readonly Guid File = Guid.Parse("0196a0b0-0000-7000-8000-000000000001");

    private static readonly string One = "one:" + Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly string Two = "two:" + Convert.ToBase64String([.. Enumerable.Range(41, 32).Select(i => (byte)i)]);

    [Fact]
    public void Nothing_is_made_where_nothing_is_sealed()
    {
        using var folder = new ScratchFolder();
        Assert.False(StorageKeys.Load(null, null, folder.Path, sealsNew: false).Any);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_key_is_made_once_for_its_owner_alone_and_stays_in_use_when_sealing_is_off()
    {
        using var folder = new ScratchFolder();
        var made = StorageKeys.Load(null, null, folder.Path, sealsNew: true);

        // Not before it is needed: a lost one may still have to go there.
        Assert.True(made.Any);
        Assert.False(made.Has("one"));
        Assert.Empty(Directory.GetFiles(folder.Path));
        Assert.NotEmpty(made.CurrentId);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(Path.Combine(folder.Path, StorageKeys.FileName)));
        var off = StorageKeys.Load(null, null, folder.Path, sealsNew: false);
        Assert.Equal((made.CurrentId, true, false), (off.CurrentId, off.Any, off.SealsNew));
        Assert.True(StorageKeys.Load(One, Two, folder.Path, sealsNew: true).Has(made.CurrentId));
    }

    [Fact]
    public void The_setting_comes_before_what_follows_from_the_secret_and_neither_makes_a_file()
    {
        using var folder = new ScratchFolder();
        var both = StorageKeys.Load(One, Two, folder.Path, sealsNew: true);
        Assert.Equal("one", both.CurrentId);
        Assert.True(both.Has("two"));
        Assert.Equal("two", StorageKeys.Load(null, Two, folder.Path, sealsNew: true).CurrentId);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_wrapped_key_opens_for_its_own_file_with_its_own_key_and_for_nothing_else()
    {
        using var folder = new ScratchFolder();
        var keys = StorageKeys.Load($"{One},{Two}", null, folder.Path, sealsNew: true);
        var key = StorageKeys.MakeKey();
        var (id, wrapped) = keys.Wrap(key, File);
        Assert.Equal("one", id);
        Assert.Equal(key, keys.Unwrap(id, wrapped, File));
        Assert.Null(keys.Unwrap("two", wrapped, File));
        Assert.Null(keys.Unwrap(id, wrapped, Guid.Empty));
        Assert.Null(keys.Unwrap(id, wrapped.AsSpan(0, wrapped.Length - 1), File));
        Assert.Null(StorageKeys.Load(Two, null, folder.Path, sealsNew: true).Unwrap(id, wrapped, File));
        wrapped[20] ^= 1;
        Assert.Null(keys.Unwrap(id, wrapped, File));
    }

    [Fact]
    public void A_malformed_key_stops_the_start_and_names_its_setting()
    {
        using var folder = new ScratchFolder();
        var refusal = Assert.Throws<SecretRefusedException>(() => StorageKeys.Load("short:AAAA", null, folder.Path, sealsNew: true));
        Assert.Contains("ENCRYPTION_KEY", refusal.Message, StringComparison.Ordinal);
    }
}
