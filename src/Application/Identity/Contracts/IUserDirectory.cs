namespace AiPlatform.Application.Identity.Contracts;

/// <summary>Looks accounts up for other capabilities.</summary>
public interface IUserDirectory
{
    /// <summary>The account, whether active or not; <see langword="null"/> where there is none or it is deleted.</summary>
    /// <param name="userId">The account's id as a client wrote it; anything but a UUID finds nothing.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<Caller?> FindAsync(string userId, CancellationToken cancellationToken);
}
