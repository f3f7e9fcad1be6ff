namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Lets in whoever passes <see cref="AddressBehavior{TRequest,TResponse}"/> and <see cref="AuthenticationBehavior{TRequest,TResponse}"/>.</summary>
internal sealed class BodyAdmission(ICallContext call, IAllowedAddresses addresses, CallIdentity identity) : IBodyAdmission
{
    public async Task<bool> AdmitsAsync(Type request, CancellationToken cancellationToken)
    {
        var policy = RequestPolicy.Of(request);
        if (policy.RestrictsAddresses && !addresses.Contains(call.IpAddress))
        {
            return false;
        }

        if (policy.Credential is not { Kind: var kind })
        {
            return true;
        }

        try
        {
            await identity.FindAsync(kind, cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A refusal, or a database that cannot be asked: the pipeline meets the same, answers it and records it.
            return false;
        }
    }
}
