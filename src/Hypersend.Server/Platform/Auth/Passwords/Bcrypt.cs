using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Hypersend.Server.Platform.Auth.Passwords;

/// <summary>bcrypt of the system's libxcrypt, with the scratch memory one thread needs for it.</summary>
internal sealed unsafe partial class Bcrypt : IDisposable
{
    private const int ScratchBytes = 32768; // sizeof(struct crypt_data), fixed by the library's ABI
    private const int SettingBytes = 192;
    private byte* _scratch = (byte*)NativeMemory.AllocZeroed(ScratchBytes);

    /// <summary>A <c>$2b$</c> setting with a fresh salt of 128 bits.</summary>
    public static string NewSetting(int cost)
    {
        var salt = stackalloc byte[16];
        RandomNumberGenerator.Fill(new Span<byte>(salt, 16));
        var output = stackalloc byte[SettingBytes];
        fixed (byte* prefix = "$2b$\0"u8)
        {
            var made = MakeSetting(prefix, (uint)cost, salt, 16, output, SettingBytes);
            return made is null ? throw new ArgumentOutOfRangeException(nameof(cost), cost, "bcrypt takes a cost of 4 to 31.") : Text(made);
        }
    }

    /// <summary>The hash, beginning with its setting; null when the setting is not one the library knows.</summary>
    /// <param name="phrase">Without zero bytes; bcrypt itself reads the first 72.</param>
    /// <param name="setting">A setting or an earlier hash.</param>
    public string? Hash(ReadOnlySpan<byte> phrase, string setting)
    {
        ObjectDisposedException.ThrowIf(_scratch is null, this);
        var zeroed = new byte[phrase.Length + 1];
        phrase.CopyTo(zeroed);
        try
        {
            fixed (byte* phraseBytes = zeroed)
            fixed (byte* settingBytes = Encoding.ASCII.GetBytes(setting + '\0'))
            {
                var hash = Crypt(phraseBytes, settingBytes, _scratch, ScratchBytes);
                return hash is null ? null : Text(hash);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(zeroed);
            NativeMemory.Clear(_scratch, ScratchBytes);
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_scratch);
        _scratch = null;
    }

    private static string Text(byte* zeroEnded) =>
        Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(zeroEnded));

    // Only the _rn functions: they keep no state of their own and answer null on failure.
    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_rn")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial byte* Crypt(byte* phrase, byte* setting, byte* scratch, int size);

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_gensalt_rn")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial byte* MakeSetting(byte* prefix, uint cost, byte* random, int randomLength, byte* output, int size);
}
