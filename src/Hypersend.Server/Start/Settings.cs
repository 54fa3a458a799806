using Hypersend.Server.Platform.Settings;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace Hypersend.Server.Start;

/// <summary>Where settings come from: appsettings.json, then .env, then the environment, then the command line.</summary>
internal static class Settings
{
    private const string DotEnvPath = ".env";

    public static (WebApplicationBuilder Builder, SettingsReader Settings) Read(string[] args)
    {
        // Web files and appsettings.json are beside the program; data and .env are where it is started.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var sources = builder.Configuration.Sources;
        var environment = sources.ToList().FindLastIndex(source => source is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        sources.Insert(Math.Max(environment, 0), new MemoryConfigurationSource { InitialData = DotEnv.Read(DotEnvPath) });
        return (builder, new SettingsReader(builder.Configuration));
    }

    /// <summary>Stops the start when a setting is wrong, or when .env names one that nobody knows.</summary>
    public static void Finish(SettingsReader settings)
    {
        foreach (var (name, reason) in SettingAliases.Ignored)
        {
            if (settings.IsSet(name))
                Console.Error.WriteLine($"{name} is ignored: {reason}.");
        }

        foreach (var name in DotEnv.Read(DotEnvPath).Keys)
        {
            if (settings.Asked.Contains(name) || SettingAliases.Ignored.ContainsKey(name))
                continue;
            if (Nearest(name, settings.Asked) is { } near)
                settings.Refuse($"{name} in .env is no setting of this server. Did you mean {near}?");
            else
                Console.Error.WriteLine($"{name} in .env is no setting of this server and is ignored.");
        }

        settings.ThrowIfWrong();
    }

    private static string? Nearest(string name, IEnumerable<string> known) =>
        known.Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.distance <= 2)
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    /// <summary>Levenshtein: single-character changes between two names.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
