namespace Hypersend.Server.Features.Chats;

/// <summary>Registers the feature.</summary>
internal static class ChatSetup
{
    public static void AddChats(this IServiceCollection services)
    {
        services.AddSingleton<OpenChat>();
        services.AddSingleton<EditChat>();
        services.AddSingleton<DeleteChat>();
        services.AddSingleton<LeaveChat>();
        services.AddSingleton<JoinChat>();
        services.AddSingleton<ChangeMembers>();
        services.AddSingleton<InviteToChat>();
        services.AddSingleton<ChangeChatSettings>();
        services.AddSingleton<ChatSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<ChatSweep>());
        services.AddSingleton<TellTyping>();
        services.AddSingleton<MarkRead>();
        services.AddSingleton<MarkWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<MarkWriter>());
        services.AddSingleton<MarkNotices>();
        services.AddHostedService(provider => provider.GetRequiredService<MarkNotices>());
    }
}
