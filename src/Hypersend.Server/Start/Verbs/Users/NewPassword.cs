using System.Security.Cryptography;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Start.Verbs.Users;

/// <summary>A password for somebody: from standard input, made here, or typed twice; never from the command line, which others can read.</summary>
internal static class NewPassword
{
    public const string FromInput = "--password-stdin";
    public const string Make = "--make-password";

    private const int Bytes = 15;

    /// <summary>The password; null when there is none, which was said then.</summary>
    public static async Task<(string? Password, bool IsMade)> ReadAsync(VerbCall call, string username, CancellationToken cancellation)
    {
        if (call.Has(Make))
            return (string.Join('-', Base32.Encode(RandomNumberGenerator.GetBytes(Bytes), Base32.Crockford).Chunk(4).Select(part => new string(part))), true);
        if (call.Has(FromInput))
            return (await call.In.ReadLineAsync(cancellation) ?? "", false);
        if (call.AskHidden is not { } ask)
        {
            await call.Error.WriteLineAsync($"Nobody can be asked for a password here. Give it on standard input with {FromInput}, or let one be made with {Make}.");
            return (null, false);
        }

        var first = ask($"New password of {username}: ");
        if (first == ask("The same again: "))
            return (first, false);
        await call.Error.WriteLineAsync("The two were not the same; nothing was changed.");
        return (null, false);
    }

    /// <summary>The one time that a made password is shown.</summary>
    public static string Shown(string password, bool isMade) => isMade ? $" The password is {password}" : "";
}
