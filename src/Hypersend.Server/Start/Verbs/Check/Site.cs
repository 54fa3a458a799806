using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>How long things are waited for.</summary>
/// <param name="Whole">For one check.</param>
/// <param name="FirstByte">For the first byte of an answer while the body of the request is still held back.</param>
/// <param name="Round">A server that takes longer for an ordinary answer is too slow for that to tell anything.</param>
internal sealed record Patience(TimeSpan Whole, TimeSpan FirstByte, TimeSpan Round)
{
    public static readonly Patience Usual = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
}

/// <summary>What is looked at: the services as the server would have them, and the settings behind them.</summary>
internal sealed record Site(IServiceProvider Services, SettingsReader Settings, string? MailTo, Patience Patience)
{
    public ServerOptions Server => Get<ServerOptions>();

    public TimeProvider Clock => Get<TimeProvider>();

    /// <summary>The server has run here or has its key by a setting: reading it makes none.</summary>
    public bool HasKey => Settings.Text("SECRET_KEY") is not null || File.Exists(Path.Combine(Server.DataRoot, "secret.key"));

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();
}
