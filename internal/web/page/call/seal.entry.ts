// What seals and opens sound and pictures, in a worker of its own: LiveKit's.
import 'livekit-client/e2ee-worker';
