// The configuration of the site.
module.exports = {
  title: 'Buoy Handbook',
  tagline: 'Moorings, lights and bells',
  url: 'https://buoys.example',
  baseUrl: '/',
};
