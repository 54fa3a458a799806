using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Engines.Blobs.S3;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>Puts the seals before the chosen store where there is any key. Without one nothing was ever sealed, and nothing is asked for it.</summary>
internal static class SealSetup
{
    public static void AddSeals(this IServiceCollection services)
    {
        services.AddSingleton<IFileKeys, SqlFileKeys>();
        services.AddSingleton<FileSeals>();
        services.AddSingleton<SmallSeal>();
        services.AddSingleton<CheckKeys>();
        services.AddHostedService<RewrapKeys>();
    }

    public static void AddFolder(this IServiceCollection services, string folder)
    {
        services.AddSingleton(provider => new DiskBlobStore(folder, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => new DiskAvatarFiles(folder));
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<DiskBlobStore>() is var plain && HasKeys(provider)
            ? new SealedFolder(plain, provider.GetRequiredService<FileSeals>())
            : plain);
        services.AddSingleton(Avatars<DiskAvatarFiles>);
    }

    public static void AddBucket(this IServiceCollection services, S3Url url)
    {
        services.AddSingleton(provider => new S3Bucket(url, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<S3BlobStore>();
        services.AddSingleton<S3AvatarFiles>();
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<S3BlobStore>() is var plain && HasKeys(provider)
            ? new SealedBucket(plain, provider.GetRequiredService<FileSeals>())
            : plain);
        services.AddSingleton(Avatars<S3AvatarFiles>);
    }

    private static IAvatarFiles Avatars<T>(IServiceProvider provider)
        where T : IAvatarFiles =>
        HasKeys(provider) ? new SealedAvatarFiles(provider.GetRequiredService<T>(), provider.GetRequiredService<SmallSeal>()) : provider.GetRequiredService<T>();

    private static bool HasKeys(IServiceProvider provider) => provider.GetRequiredService<StorageKeys>().Any;
}
