using Hypersend.Server.Features.Files.Packing;
using Hypersend.Server.Features.Files.Tus;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Files;

/// <summary>Registers the feature.</summary>
internal static class FileSetup
{
    public static void AddFiles(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(FileOptions.From(settings));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(OlderUploadJson.Default));
        services.AddSingleton<OpenUploads>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenUploads>());
        services.AddSingleton<UploadProgress>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadProgress>());
        services.AddSingleton<TellOfFile>();
        services.AddSingleton<UploadAccess>();
        services.AddSingleton<DownloadGrants>();
        services.AddSingleton<DropLeftovers>();
        services.AddHostedService(provider => provider.GetRequiredService<DropLeftovers>());
        services.AddSingleton<FileSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<FileSweep>());
        services.AddSingleton<InitUpload>();
        services.AddSingleton<RoomForBytes>();
        services.AddSingleton<DropAttempt>();
        services.AddSingleton<LeaseChunk>();
        services.AddSingleton<HashChunks>();
        services.AddSingleton<BodyFlow>();
        services.AddSingleton<ReceiveChunk>();
        services.AddSingleton<CompleteUpload>();
        services.AddSingleton<EndFile>();
        services.AddSingleton<SetThumbnail>();
        services.AddSingleton<UploadTails>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadTails>());
        services.AddSingleton<RunningDownloads>();
        services.AddHostedService(provider => provider.GetRequiredService<RunningDownloads>());
        services.AddSingleton<PackFiles>();
        services.AddHostedService(provider => provider.GetRequiredService<PackFiles>());
        services.AddSingleton<SendBytes>();
        services.AddSingleton<SendFile>();
        services.AddSingleton<SendZip>();
        services.AddSingleton<SignedUrls>();
        services.AddSingleton<SignUrl>();
        services.AddTus();
    }
}
