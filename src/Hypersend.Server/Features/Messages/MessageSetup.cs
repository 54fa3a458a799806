using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>Registers the feature.</summary>
internal static class MessageSetup
{
    public static void AddMessages(this IServiceCollection services)
    {
        services.AddSingleton<ChangePublisher>();
        services.AddSingleton<MessageWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<MessageWriter>());
        services.AddSingleton<DueTimer>();
        services.AddHostedService<DueMessages>();
        services.AddSingleton<SendMessage>();
        services.AddSingleton<ScheduleMessage>();
        services.AddSingleton<EditMessage>();
        services.AddSingleton<DeleteMessage>();
        services.AddSingleton<ReactToMessage>();
        services.AddSingleton<PinMessage>();
    }
}
