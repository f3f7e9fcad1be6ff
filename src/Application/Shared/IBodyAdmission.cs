namespace AiPlatform.Application.Shared;

/// <summary>
/// Decides, before the body of a call is read, whether it is read at all. It refuses nothing: whoever is not let in is refused by
/// the pipeline, whatever the body says.
/// </summary>
public interface IBodyAdmission
{
    /// <summary>Whether the body is read.</summary>
    /// <param name="request">The request's type, which declares who may make it.</param>
    /// <param name="cancellationToken">The caller left.</param>
    Task<bool> AdmitsAsync(Type request, CancellationToken cancellationToken);
}
