using System.Text;
using System.Text.Json;
using Hypersend.Cli.Start;
using Hypersend.Sdk;

namespace Hypersend.Cli.Profiles;

/// <summary>The profiles on this machine. What two processes may change at once is changed with the profile's lock held.</summary>
internal sealed class ProfileStore(string folder, TimeProvider clock)
{
    private const string Ending = ".json";

    /// <summary>A renewal takes as long as the server takes; a lock is free when its process is gone.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(2);

    private string Profiles => Path.Combine(folder, "profiles");

    private string CurrentFile => Path.Combine(folder, "current");

    /// <summary>Where everything that has to be remembered lies.</summary>
    public string Folder => folder;

    /// <summary>The name of the profile that is used when none is named; null before the first.</summary>
    public string? Current
    {
        get => File.Exists(CurrentFile) && File.ReadAllText(CurrentFile).Trim() is { Length: > 0 } name ? name : null;
        set => WholeFile.Write(CurrentFile, Encoding.UTF8.GetBytes(value + "\n"));
    }

    /// <summary>Whether this can be the name of a profile: it becomes the name of a file.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name[0] != '.' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    public IReadOnlyList<Profile> List() =>
        !Directory.Exists(Profiles)
            ? []
            : [.. Directory.EnumerateFiles(Profiles, "*" + Ending).Order(StringComparer.Ordinal).Select(Read).OfType<Profile>()];

    public Profile? Find(string name) => IsName(name) ? Read(PathOf(name)) : null;

    public void Save(Profile profile) => WholeFile.Write(PathOf(profile.Name), JsonSerializer.SerializeToUtf8Bytes(profile, ProfileJson.Default.Profile));

    /// <summary>The turn to change the profile.</summary>
    public async Task<FileLock> LockAsync(string name, CancellationToken cancellation) =>
        await FileLock.TakeAsync(PathOf(name) + ".lock", LockPatience, clock, cancellation)
        ?? throw new StopException(ExitCodes.Failed, $"Another hypersend has held the profile {name} for minutes: end it, and try again.");

    /// <summary>
    /// Renews the tokens of a profile that other processes may use too. Its turn comes first; if another one has renewed
    /// them meanwhile, theirs are taken, for two tokens bought with one end the session.
    /// </summary>
    public async Task<SessionTokens?> RenewAsync(Profile mine, SessionTokens old, Func<SessionTokens, Task<SessionTokens?>> renew, Action<string> warn)
    {
        using var turn = await LockAsync(mine.Name, CancellationToken.None);
        var kept = Find(mine.Name);
        if (kept?.Tokens is not { } tokens || kept.UserId != mine.UserId || kept.Server != mine.Server)
            return null;
        if (tokens.AccessToken != old.AccessToken && tokens.AccessExpiresAt > clock.GetUtcNow())
            return tokens;
        var renewed = await renew(tokens);
        try
        {
            Save(kept.With(renewed));
        }
        catch (IOException exception)
        {
            // The old token is still good where the new one was never used, so the next process begins with that.
            warn($"The renewed sign-in could not be kept: {exception.Message}");
        }

        return renewed;
    }

    private string PathOf(string name) => Path.Combine(Profiles, name + Ending);

    private static Profile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ProfileJson.Default.Profile);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            throw new StopException(ExitCodes.Failed, $"The file {path} is damaged: delete it, and sign in again.");
        }
    }
}
