module.exports = {
  docs: [
    'intro',
    {type: 'category', label: 'Lights', items: ['lights/colours', 'lights/rhythms']},
    'bells',
  ],
};
